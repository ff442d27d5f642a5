"""Write this folder's sample files anew: python samples/make_samples.py."""

from pathlib import Path

from crmcli.demo_data.files import write_samples
from crmcli.demo_data.generate import generate

if __name__ == "__main__":
    write_samples(generate(), Path(__file__).parent)
