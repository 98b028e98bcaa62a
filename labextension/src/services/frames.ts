/** At most one call back before each frame is drawn, however often it is asked for. */
export function onceAFrame(
  callback: () => void,
  nextFrame: (callback: () => void) => void = requestAnimationFrame
): () => void {
  let scheduled = false;
  return () => {
    if (!scheduled) {
      scheduled = true;
      nextFrame(() => {
        scheduled = false;
        callback();
      });
    }
  };
}
