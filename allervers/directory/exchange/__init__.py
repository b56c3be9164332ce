"""What comes in and goes out: data·inclusion v1, and any spreadsheet of contacts."""
