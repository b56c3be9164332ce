"""Open data and interoperability."""
