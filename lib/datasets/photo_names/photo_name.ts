/** Endings of files that are photos, in lower or upper case. */
const PHOTO_ENDING = /\.(jpe?g|jpe|jfif|png|webp|gif|tiff?|bmp|avif|hei[cf])$/i;

/** A path in its parts, in composed Unicode form (NFC). */
export interface PathParts {
  folders: string[];
  file: string;
}

/** Whether a file is a photo by its ending. */
export function isPhotoFile(path: string): boolean {
  return PHOTO_ENDING.test(path);
}

/**
 * The parts of a path as tables, lists and features files write it: with `/` or `\`, from a drive, a
 * server or the root; `.` and leading `..` say nothing.
 */
export function partsOf(path: string): PathParts {
  const plain = path.normalize("NFC").trim().replaceAll("\\", "/")
    .replace(/^[a-z][a-z\d+.-]+:\/\/[^/]*/i, "")
    .replace(/^[a-z]:(?=\/)/i, "");
  const parts: string[] = [];
  for (const part of plain.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return { file: parts.pop() ?? "", folders: parts };
}

/** A URL's path: without `?w=300` or `#0` after a photo's ending, `%20` as the space that it means. */
export function withoutUrlParts(name: string): string {
  const isUrl = /^[a-z][a-z\d+.-]+:\/\//i.test(name);
  const [path] = name.trim().split(/[?#]/, 1);
  const kept = isUrl || isPhotoFile(path) ? path : name;
  try {
    return decodeURIComponent(kept);
  } catch { // a percent sign of its own
    return kept;
  }
}

/** Equal for names that differ in upper and lower case only. */
export function folded(text: string): string {
  return text.toLowerCase().normalize("NFC");
}

/** A photo's file name without its ending. */
export function stemOf(file: string): string {
  return file.replace(PHOTO_ENDING, "");
}

/** The ending of a photo's file name, "" if it has none; a JPEG's is `.jpg` however it is spelled. */
export function endingOf(file: string): string {
  const ending = PHOTO_ENDING.exec(file)?.[0].toLowerCase() ?? "";
  return /^\.(jpe?g?|jfif)$/.test(ending) ? ".jpg" : ending.replace("tiff", "tif");
}

/**
 * The number that a file is named by, without zeros that spreadsheets take off or put behind it, and
 * without what COCO put before it in 2014 (`COCO_val2014_000000391895.jpg`).
 */
export function numberOf(file: string): string | undefined {
  return /^(?:COCO_(?:train|val|test)\d*_)?0*(\d+)(?:\.0+)?$/.exec(stemOf(file))?.[1];
}

/**
 * Names that say of a folder no more than that photos are in it; "train", "cats" or "2014" do say
 * more.
 */
const PLAIN_FOLDER =
  /^(images?|imgs?|photos?|pictures?|pics?|jpe?gs?|data|dataset|flick(e)?r\d+k[_-](dataset|images))$/i;

/** Whether a folder's name distinguishes its photos from no others. */
export function isPlainFolder(name: string): boolean {
  return PLAIN_FOLDER.test(name);
}
