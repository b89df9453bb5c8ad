/** What runs and has to be ended, also when the benchmark is stopped in the middle. */

type Close = () => Promise<void>;

const open = new Set<Close>();

/** Remembers how something is ended; what it gives back ends it, once. */
export function closing(close: Close): Close {
  const once = async (): Promise<void> => {
    if (open.delete(once)) await close();
  };
  open.add(once);
  return once;
}

/** Ends everything that is still open. */
export async function closeAll(): Promise<void> {
  await Promise.allSettled([...open].map((close) => close()));
}
