"""LangChain's and LlamaIndex's OpenAI classes on a running DocuBot that has the samples in its collection `default`.

Usage: python frameworks.py BASE_URL. Runs in an environment of its own (requirements.txt beside it): LangChain asks for
an older `openai` than DocuBot runs with.
"""

import asyncio
import sys

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

QUESTION = "How often must the battery of the tide gauge be replaced?"


async def langchain(url: str) -> None:
    llm = ChatOpenAI(model="docubot", base_url=url, api_key="any", temperature=0, max_tokens=500, stream_usage=True)
    answer = llm.invoke([SystemMessage("Be brief."), HumanMessage(QUESTION)])
    assert "batter" in answer.content, answer
    assert answer.response_metadata["model_name"] == "docubot"
    pieces = list(llm.stream([HumanMessage(QUESTION)]))
    assert "".join(piece.content for piece in pieces) == answer.content
    assert any(piece.usage_metadata for piece in pieces)
    chained = ChatPromptTemplate.from_messages([("user", "{question}")]) | llm
    assert (await chained.ainvoke({"question": QUESTION})).content == answer.content
    several = await llm.abatch([[HumanMessage(QUESTION)]] * 3)
    assert {one.content for one in several} == {answer.content}
    followed = llm.invoke([HumanMessage(QUESTION), AIMessage(answer.content), HumanMessage("And who replaces it?")])
    assert followed.content
    by_responses = ChatOpenAI(model="docubot", base_url=url, api_key="any", use_responses_api=True)
    assert answer.content.split(" [")[0] in str(by_responses.invoke(QUESTION).content)
    embedder = OpenAIEmbeddings(
        model="multilingual-e5-small", base_url=url, api_key="any", check_embedding_ctx_length=False
    )
    assert [len(vector) for vector in embedder.embed_documents(["one", "zwei"])] == [384, 384]


async def llama_index(url: str) -> None:
    llm = OpenAILike(model="docubot", api_base=url, api_key="any", is_chat_model=True, context_window=8000)
    answer = llm.chat([ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content=QUESTION)])
    assert "batter" in (answer.message.content or ""), answer
    assert answer.raw is not None
    text = "".join(piece.delta or "" for piece in llm.stream_chat([ChatMessage(role="user", content=QUESTION)]))
    assert text == answer.message.content
    assert str(await llm.acomplete(QUESTION)) == text


if __name__ == "__main__":
    asyncio.run(langchain(sys.argv[1]))
    asyncio.run(llama_index(sys.argv[1]))
    sys.stdout.write("ok\n")
