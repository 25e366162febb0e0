import type { Dictionary } from "./en";

export const errors: Dictionary["errors"] = {
  unknown: { what: "Algo ha fallado.", todo: "Inténtelo de nuevo." },
  network_error: {
    what: "No se puede llegar al servidor.",
    todo: "Compruebe que DocuBot está en marcha y que hay conexión, e inténtelo de nuevo.",
  },
  internal_error: {
    what: "Algo ha fallado en el servidor.",
    todo: "Inténtelo de nuevo y, si se repite, comunique el número de la petición.",
  },
  unsupported_media_type: {
    what: "Este tipo de archivo no se puede leer.",
    todo: "Expórtelo como PDF o como otro de los tipos que nombra la página de inicio.",
  },
  empty_file: { what: "El archivo está vacío.", todo: "Compruebe que se guardó y añádalo otra vez." },
  unreadable_document: {
    what: "El archivo está dañado o no es lo que dice su nombre.",
    todo: "Ábralo en su programa, expórtelo de nuevo y añada ese.",
  },
  password_required: {
    what: "El documento está protegido con contraseña.",
    todo: "Escriba la contraseña para abrirlo.",
  },
  document_too_large: {
    what: "El documento es mayor de lo que este servidor admite.",
    todo: "Divídalo en partes o pida a quien administra el servidor que suba los límites.",
  },
  payload_too_large: {
    what: "El archivo es mayor de lo que este servidor admite.",
    todo: "Divídalo en partes o pida a quien administra el servidor que suba el límite.",
  },
  archive_too_large: {
    what: "El ZIP contiene más de lo que admite una subida.",
    todo: "Divídalo o añada sus archivos por separado.",
  },
  ocr_not_installed: {
    what: "Las imágenes se leen por OCR, que el servidor no tiene.",
    todo: 'Pida a quien lo administra que lo instale: pip install "docubot[ocr]".',
  },
  font_missing: {
    what: "El servidor no tiene una fuente para ese idioma.",
    todo: 'Pida a quien lo administra que la instale: pip install "docubot[cjk]".',
  },
  parser_timeout: {
    what: "La lectura del documento ha tardado demasiado.",
    todo: "Divídalo en partes o pida a quien administra el servidor que suba el límite.",
  },
  parser_crashed: {
    what: "El documento no se ha podido leer: algo en él bloquea el lector.",
    todo: "Expórtelo de nuevo (por ejemplo, imprímalo a PDF) y añada ese.",
  },
  quota_exceeded: {
    what: "La cuota de la clave está agotada.",
    todo: "Elimine algunos de sus documentos o pida más a quien administra el servidor.",
  },
  token_quota_exceeded: {
    what: "Los tokens de hoy de la clave están agotados.",
    todo: "Espere hasta la medianoche UTC o pida respuestas con las palabras de los documentos.",
  },
  shutting_down: {
    what: "El servidor se está reiniciando.",
    todo: "Inténtelo de nuevo dentro de un momento.",
  },
  storage_unavailable: {
    what: "El disco del servidor está lleno.",
    todo: "Libere espacio en el servidor e inténtelo de nuevo.",
  },
  embedding_mismatch: {
    what: "La colección se creó con otro modelo de vectores.",
    todo: "Reconstruya la colección.",
  },
  embeddings_unavailable: {
    what: "El modelo de vectores no responde.",
    todo: "Inténtelo de nuevo dentro de un momento.",
  },
  vector_index_unavailable: {
    what: "El índice de vectores no responde.",
    todo: "La búsqueda por palabras sigue; inténtelo más tarde.",
  },
  llm_unavailable: {
    what: "El modelo de lenguaje no responde.",
    todo: "Inténtelo de nuevo dentro de un momento.",
  },
  llm_not_configured: {
    what: "No hay ningún modelo de lenguaje configurado.",
    todo: "Pida a quien administra el servidor que configure uno.",
  },
  collection_exists: { what: "Ya hay una colección con ese nombre.", todo: "Elija otro nombre." },
  collection_not_found: { what: "Esta colección ya no existe.", todo: "Elija otra." },
  document_not_found: { what: "Este documento ya no existe.", todo: "Vuelva a la lista." },
  conversation_not_found: { what: "Esta conversación ya no existe.", todo: "Haga una pregunta nueva." },
  not_retryable: { what: "No hay nada que repetir.", todo: "Solo se repite lo que falló o se canceló." },
  origin_not_allowed: {
    what: "El servidor no acepta cambios desde la dirección de esta página.",
    todo: "Añada la dirección a CORS_ORIGINS en el servidor.",
  },
  interrupted: {
    what: "El trabajo se interrumpió una y otra vez.",
    todo: "Repítalo para seguir donde estaba.",
  },
  invalid_grant: {
    what: "El nombre o la contraseña no son correctos, o el usuario está desactivado.",
    todo: "Revise ambos; quien administra el servidor puede poner otra contraseña.",
  },
  unauthorized: { what: "El servidor quiere saber quién es usted.", todo: "Entre." },
  invalid_credentials: {
    what: "El servidor no conoce esta clave, o ha caducado.",
    todo: "Compruebe que se copió entera o pida otra.",
  },
  forbidden: { what: "Esto no le está permitido.", todo: "Pregunte a quien administra el servidor." },
  scope_missing: {
    what: "Aquello con lo que ha entrado no permite esto.",
    todo: "Pida otro rol u otra clave a quien administra el servidor.",
  },
  collection_not_allowed: {
    what: "No puede añadir nada a esta colección.",
    todo: "Elija otra o pregunte a quien administra el servidor.",
  },
  rate_limited: {
    what: "Demasiados intentos en poco tiempo.",
    todo: "Espere un momento e inténtelo de nuevo.",
  },
  issuer_unavailable: {
    what: "El inicio de sesión de su organización no se puede comprobar ahora.",
    todo: "Inténtelo de nuevo en un momento.",
  },
  unprocessable: {
    what: "Algo de lo escrito no es como debe ser.",
    todo: "Revise los campos e inténtelo de nuevo.",
  },
  user_exists: {
    what: "Ya hay un usuario con este nombre.",
    todo: "Elija otro; las mayúsculas no distinguen a dos.",
  },
  user_not_found: { what: "Este usuario ya no existe.", todo: "Vuelva a la lista." },
  key_not_found: { what: "Esta clave ya no existe.", todo: "Vuelva a la lista." },
  glossary_exists: { what: "Ya hay un glosario con este nombre.", todo: "Elija otro." },
  glossary_not_found: { what: "Este glosario ya no existe.", todo: "Elija otro." },
  translation_not_found: { what: "Esta traducción ya no existe.", todo: "Vuelva al documento." },
  translation_not_ready: {
    what: "Esta traducción aún no ha terminado.",
    todo: "Espere a que termine e inténtelo de nuevo.",
  },
  translation_failed: {
    what: "La respuesta del modelo no sirve como traducción.",
    todo: "Inténtelo de nuevo o pruebe otro modelo.",
  },
  output_not_possible: {
    what: "Este documento no se puede traducir a ese formato.",
    todo: "Elija Markdown o página web.",
  },
  language_not_supported: { what: "Este idioma no está disponible.", todo: "Elija otro." },
  issuer_refused: {
    what: "El inicio de sesión de la organización no le ha dejado entrar.",
    todo: "Inténtelo de nuevo; si se repite, pregunte a quien administra el servidor.",
  },
  issuer_unreachable: {
    what: "No se puede llegar al inicio de sesión de la organización desde esta página.",
    todo: "Inténtelo de nuevo en un momento; si se repite, debe admitir la dirección de esta página (CORS).",
  },
  issuer_token_refused: {
    what: "Allí le conocen, pero este servidor no acepta lo que dicen de usted.",
    todo: "Pida a quien administra el servidor que compare OIDC_AUDIENCE y OIDC_PAGE_TOKEN con los ajustes del emisor.",
  },
  issuer_needs_https: {
    what: "Para entrar así la página debe venir por https.",
    todo: "Abra esta página por su dirección https.",
  },
};
