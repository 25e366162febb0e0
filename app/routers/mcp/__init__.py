"""The Model Context Protocol over the same services: `endpoint` is its HTTP side, `server` its tools and resources."""
