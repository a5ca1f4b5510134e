/** One photo with JavaScript, as a module for Deno and Node.js. @param origin of the server */
export const javascript = (origin: string) =>
  `import { readFile } from "node:fs/promises";

const base64 = await readFile("photo.jpg", "base64");
const answer = await fetch("${origin}/api/captions", {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ photos: [{ base64, name: "photo.jpg" }] }),
});
const { captions } = await answer.json();
for (const { photo, caption, error } of captions) {
  console.log(photo, caption ?? error);
}`;
