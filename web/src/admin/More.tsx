import { useText } from "../i18n";
import { Button } from "../ui/Button";
import s from "./More.module.css";

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): unknown };
}

/** The next page of a list, on request. */
export function More({ query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: Props) {
  const text = useText();
  if (!hasNextPage) return null;
  return (
    <div className={s.more}>
      <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {text.app.more}
      </Button>
    </div>
  );
}
