"""Language models by name; bootstrap loads the one that the settings ask for."""

BACKENDS = {"openai": "app.adapters.llm.openai:OpenAILLM"}
