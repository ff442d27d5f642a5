"""crmcli: a command-line CRM and spreadsheet migration kit for Chinese B2B sales teams."""

__version__ = "0.1.0"
