/** One photo with JavaScript, as a module for Deno and Node.js. @param origin of the server */
export const javascript = (origin: string) =>
  `import { readFile } from "node:fs/promises";

const body = new FormData();
body.append("photos", new Blob([await readFile("photo.jpg")]), "photo.jpg");
const answer = await fetch("${origin}/api/captions", { method: "POST", body });
const { captions } = await answer.json();
for (const { photo, caption, error } of captions) console.log(photo, caption ?? error);`;
