"""Cards of persons helped, sealed in a vault, with what they were told and agreed to; never what they need."""
