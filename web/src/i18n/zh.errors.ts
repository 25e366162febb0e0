import type { Dictionary } from "./en";

export const errors: Dictionary["errors"] = {
  unknown: { what: "出了点问题。", todo: "请再试一次。" },
  network_error: { what: "无法连接服务器。", todo: "请确认 DocuBot 正在运行且网络正常，然后再试。" },
  internal_error: { what: "服务器出了问题。", todo: "请再试一次；若仍然如此，请提供请求编号。" },
  unsupported_media_type: { what: "无法读取这种文件。", todo: "请导出为 PDF，或起始页列出的其他类型。" },
  empty_file: { what: "文件是空的。", todo: "请确认文件已保存，然后重新添加。" },
  unreadable_document: {
    what: "文件已损坏，或与扩展名不符。",
    todo: "请用原程序打开并重新导出，再添加导出的文件。",
  },
  password_required: { what: "文档有密码保护。", todo: "请输入密码解锁。" },
  document_too_large: { what: "文档超出了服务器的限制。", todo: "请拆分文档，或请管理员提高限制。" },
  payload_too_large: { what: "文件超出了服务器的限制。", todo: "请拆分文件，或请管理员提高限制。" },
  archive_too_large: { what: "ZIP 解压后超出一次上传的限额。", todo: "请拆分，或单独添加其中的文件。" },
  ocr_not_installed: {
    what: "图片需要 OCR 识别，而服务器没有安装。",
    todo: '请管理员安装：pip install "docubot[ocr]"。',
  },
  font_missing: { what: "服务器没有该语言的字体。", todo: '请管理员安装：pip install "docubot[cjk]"。' },
  parser_timeout: { what: "读取文档用时过长。", todo: "请拆分文档，或请管理员提高限制。" },
  parser_crashed: {
    what: "文档无法读取：其中的内容使读取程序崩溃。",
    todo: "请重新导出（例如打印为 PDF）后再添加。",
  },
  shutting_down: { what: "服务器正在重启。", todo: "请稍后再试。" },
  storage_unavailable: { what: "服务器磁盘已满。", todo: "请在服务器上腾出空间后再试。" },
  embedding_mismatch: { what: "该集合是用另一个向量模型建立的。", todo: "请重建集合。" },
  embeddings_unavailable: { what: "向量模型没有响应。", todo: "请稍后再试。" },
  vector_index_unavailable: { what: "向量索引没有响应。", todo: "关键词搜索仍可使用；请稍后再试。" },
  llm_unavailable: { what: "语言模型没有响应。", todo: "请稍后再试。" },
  llm_not_configured: { what: "尚未配置语言模型。", todo: "请管理员进行配置。" },
  collection_exists: { what: "已有同名集合。", todo: "请换一个名称。" },
  collection_not_found: { what: "该集合已不存在。", todo: "请选择其他集合。" },
  document_not_found: { what: "该文档已不存在。", todo: "请返回列表。" },
  conversation_not_found: { what: "该对话已不存在。", todo: "请提出新问题。" },
  not_retryable: { what: "没有可以重试的内容。", todo: "只有失败或取消的任务才能重试。" },
  origin_not_allowed: {
    what: "服务器不接受来自此页面地址的更改。",
    todo: "请在服务器的 CORS_ORIGINS 中加入该地址。",
  },
  interrupted: { what: "任务多次被中断。", todo: "请重试，将从中断处继续。" },
};
