import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { pageImage, usePage } from "../app/queries";
import { useDocuBot } from "../client";
import { useText } from "../i18n";
import { Button } from "../ui/Button";
import s from "./PagePicture.module.css";

type Box = [number, number, number, number];

interface Props {
  documentId: string;
  version: number | undefined;
  number: number;
  filename: string;
  /** In points, to be lit and scrolled to. */
  boxes?: readonly Box[];
  /** Tells one set of boxes from the next. */
  lightKey?: string;
  /** Points, for the time before the page itself has told. */
  guess?: { width: number; height: number };
}

const A4 = { width: 595, height: 842 };
/** Pictures are asked for in few sizes, so that they can be remembered. */
const SCALES = [1, 1.5, 2, 3, 4];
const NO_BOXES: readonly Box[] = [];
/** Points around a box, so that the light does not cut into letters. */
const MARGIN = 1.5;

/** One page as it looks, with boxes lit on it. */
export function PagePicture({
  documentId,
  version,
  number,
  filename,
  boxes = NO_BOXES,
  lightKey,
  guess = A4,
}: Props) {
  const text = useText();
  const client = useDocuBot();
  const { data } = usePage(documentId, number, version);
  const [scale, setScale] = useState<number | null>(null);
  const picture = useQuery({
    ...pageImage(client, documentId, number, scale ?? 1, version),
    enabled: scale !== null,
  });
  const src = useAddress(picture.data);
  const frame = useRef<HTMLDivElement>(null);
  const lit = useRef<HTMLSpanElement>(null);
  const width = data?.width || guess.width;
  const height = data?.height || guess.height;

  useLayoutEffect(() => {
    const wanted = ((frame.current?.clientWidth ?? 0) * devicePixelRatio) / width;
    setScale((before) => Math.max(before ?? 0, SCALES.find((one) => one >= wanted * 0.95) ?? 4));
  }, [width]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another quote on the same page is scrolled to as well
  useEffect(() => {
    if (data) lit.current?.scrollIntoView({ block: "center", inline: "nearest", behavior: "smooth" });
  }, [data, lightKey]);

  return (
    <div ref={frame} className={s.page} style={{ aspectRatio: `${width} / ${height}` }}>
      {src !== null && (
        <img
          key={`${documentId} ${version} ${number}`}
          src={src}
          alt={text.page.image(number, filename)}
          decoding="async"
          data-scale={scale}
          onLoad={(event) => event.currentTarget.setAttribute("data-loaded", "")}
        />
      )}
      {picture.isError && (
        <div className={s.failed}>
          {text.page.failed}
          <Button small onClick={() => void picture.refetch()}>
            {text.app.retry}
          </Button>
        </div>
      )}
      {data &&
        boxes.map((box, index) => (
          <span
            key={`${lightKey} ${box.join()}`}
            ref={index === 0 ? lit : undefined}
            className={s.box}
            data-lit
            style={{ ...placed(box, width, height), animationDelay: `${Math.min(index, 6) * 70}ms` }}
          />
        ))}
    </div>
  );
}

/** An address for bytes that are here already, for as long as they are shown. */
function useAddress(blob: Blob | undefined): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) return;
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => {
      setAddress(null);
      // Not at once: the picture may be loading from it still.
      setTimeout(() => URL.revokeObjectURL(made), 1000);
    };
  }, [blob]);
  return address;
}

/** Pages have no right-to-left: a box lies where it lies. */
function placed([x0, y0, x1, y1]: Box, width: number, height: number) {
  return {
    left: `${((x0 - MARGIN) / width) * 100}%`,
    top: `${((y0 - MARGIN) / height) * 100}%`,
    width: `${((x1 - x0 + 2 * MARGIN) / width) * 100}%`,
    height: `${((y1 - y0 + 2 * MARGIN) / height) * 100}%`,
  };
}
