"""Where keys of token issuers come from, by name; loaded only when chosen."""

SOURCES = {"http": "app.adapters.issuers.http:HttpKeySource"}
