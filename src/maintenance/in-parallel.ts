/** Works on what comes from `source`, at most `width` at a time. The first error ends it after what runs has ended. */
export async function inParallel<T>(
  source: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failed: unknown[] = [];
  for await (const item of source) {
    if (failed.length > 0) break;
    const one: Promise<void> = work(item)
      .catch((error: unknown) => void failed.push(error))
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= width) await Promise.race(running);
  }
  await Promise.all(running);
  if (failed.length > 0) throw failed[0];
}
