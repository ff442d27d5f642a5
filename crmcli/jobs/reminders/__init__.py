"""What is due: found in the database, written as workbook or calendar, sent where crm.toml says."""
