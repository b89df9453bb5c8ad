/** How far the preparation of a song that is not in the cache has come. */
export type Preparation =
  | { readonly status: "starting" }
  | { readonly status: "downloading"; readonly receivedBytes: number; readonly totalBytes: number | null }
  | { readonly status: "normalizing" };
