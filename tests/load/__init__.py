"""k6 against a whole Headwater: what its clients counted is held against the table's rows."""
