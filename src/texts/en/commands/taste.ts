/** Commands for what people and servers like. */
export const taste = {};
