import { useDocument } from "../app/queries";
import { useText } from "../i18n";
import { NewTranslation } from "./NewTranslation";
import { useTranslations } from "./queries";
import { TranslationCard } from "./TranslationCard";
import s from "./TranslationsPanel.module.css";

/** What was translated of a document, and the means to translate it again. */
export default function TranslationsPanel({ documentId }: { documentId: string }) {
  const text = useText();
  const { data } = useTranslations(documentId);
  const { data: document } = useDocument(documentId);
  return (
    <div className={s.panel}>
      <section aria-labelledby="new-translation">
        <h2 id="new-translation">{text.translations.make}</h2>
        {document && <NewTranslation documentId={documentId} mediaType={document.media_type} />}
      </section>
      <section aria-labelledby="translations">
        <h2 id="translations">{text.translations.title}</h2>
        {data && !data.length && <p className={s.none}>{text.translations.none}</p>}
        <ul className={s.cards}>
          {data?.map(({ id }) => (
            <li key={id}>
              <TranslationCard documentId={documentId} id={id} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
