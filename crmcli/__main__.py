"""`python -m crmcli`."""

from crmcli.cli import main

main()
