"""OpenAI's API over the same services: `wire` gathers its routers, one file a noun."""
