import { useCallback, useLayoutEffect, useRef, useState } from "react";

const NEAR_PX = 80;

/** Keeps a growing box at its end, unless the reader has scrolled away from it. */
export function useStickToEnd() {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (follows.current) toEnd();
  });

  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    setAtEnd(follows.current);
  }, []);

  /** Runs something that adds content above, and leaves what is being read where it is. */
  const keepPlace = useCallback(async (add: () => Promise<void>) => {
    const element = box.current;
    const fromEnd = element ? element.scrollHeight - element.scrollTop : 0;
    follows.current = false;
    await add();
    requestAnimationFrame(() => {
      if (element) element.scrollTop = element.scrollHeight - fromEnd;
    });
  }, []);

  return { box, atEnd, toEnd, onScroll, keepPlace };
}
