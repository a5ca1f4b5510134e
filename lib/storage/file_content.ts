// deno-lint-ignore-file no-control-regex -- signatures of file formats have control characters

/** What a file is, as its first bytes tell. */
export interface FileContent {
  /** Its kind; `mistake` where it stands for a file that is elsewhere: a web page, a pointer. */
  kind:
    | "mistake"
    | "text"
    | "JSON"
    | "HDF5"
    | "zip"
    | "gzip"
    | "npy"
    | "pickle"
    | "photo"
    | "Parquet"
    | "other";
  /** The end of a sentence that begins "It is". */
  what: string;
  /** What to do about it, where something else was expected. */
  remedy: string;
}

/** As many first bytes of a file as are needed to recognise it. */
export const CONTENT_HEAD = 4096;

const AGAIN = "download it again, with a browser";
const OTHER = "give another file, or get this one again";

/** HDF5, pickles and numpy arrays as UTF-8 or with other line ends. */
const AS_TEXT = [
  /^(\xc2?\x89|\xef\xbf\xbd)HDF\r?\r?\n/,
  /^(\xc2\x80|\xef\xbf\xbd)[\x02-\x05](\xef\xbf\xbd|\xc2\x95|[}\]cX(])/,
  /^(\xc2\x93|\xef\xbf\xbd)NUMPY/,
];

/** Formats by their first bytes as Latin-1; a zip archive is looked into afterwards. */
const SIGNATURES: [RegExp, FileContent["kind"], string, string?][] = [
  [/^\x89HDF\r\n\x1a\n/, "HDF5", "an HDF5 file"],
  [/^PK(\x03\x04|\x05\x06)/, "zip", "a zip archive", "unpack it and give the file in it"],
  ...AS_TEXT.map((start): [RegExp, "mistake", string, string] => [
    start,
    "mistake",
    "a binary file that was saved as text, which damages it",
    "get the file again, without an editor, a clipboard or git's line ends in between",
  ]),
  [/^\x1f\x8b/, "gzip", "compressed by gzip", "unpack it (gunzip) and give the file in it"],
  [
    /^(BZh\d|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd)/,
    "other",
    "a compressed archive",
    "unpack it and give the file in it",
  ],
  [/^[^]{257}ustar/, "other", "a tar archive", "unpack it and give the file in it"],
  [/^\x93NUMPY/, "npy", "a numpy array (.npy)"],
  [
    /^\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19/,
    "other",
    "a PyTorch file",
    "give the Keras file of the model",
  ],
  [
    /^\x80[\x02-\x05][^]{0,4000}joblib\.numpy_pickle/,
    "other",
    "a file of joblib with numpy arrays",
    'save it again in Python: pickle.dump(joblib.load(FILE), open("features.pkl", "wb"))',
  ],
  [/^\x80[\x02-\x05]/, "pickle", "a Python pickle"],
  [/^PAR1/, "Parquet", "a Parquet file"],
  [
    /^\xd0\xcf\x11\xe0/,
    "other",
    "an Office document of the older kind (.xls, .doc)",
    "save it as CSV in UTF-8",
  ],
  [/^SQLite format 3/, "other", "an SQLite database"],
  [/^%PDF/, "other", "a PDF document"],
  [
    /^[^]{4}TFL3/,
    "other",
    "a TensorFlow Lite model",
    "give the Keras file that it was converted from",
  ],
  [
    /^\x08[\x01-\x14]\x12.[\w.-]{4,}|^\x08[\x01-\x14]:[^]{0,200}(onnx|keras|tf2onnx)/s,
    "other",
    "an ONNX model",
    "give the Keras file that it was converted from",
  ],
  [/^[^]{3}\0{5}\{"/, "other", "a safetensors file", "give the Keras file of the model"],
  [/^(\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|II\*\0|MM\0\*)/s, "photo", "a photo"],
  [/^\0{16}\0*$/, "mistake", "nothing but zero bytes, as an interrupted download leaves", AGAIN],
];

/** Zip archives by the name of their first member. */
const ZIPS: [RegExp, string, string?][] = [
  [
    /^\[Content_Types\]|^(xl|word|docProps|_rels)\//,
    "an Office document (.xlsx, .docx)",
    "save it as CSV in UTF-8",
  ],
  [
    /^[^/]+\/(data\.pkl|version|byteorder|\.data\/)/,
    "a PyTorch file",
    "give the Keras file of the model",
  ],
  [/^(metadata\.json|config\.json|model\.weights\.h5)$/, "a .keras archive"],
  [/\.npy$/, "an .npz archive"],
];

/** What servers and their proxies answer instead of a file, in plain text. */
const REFUSALS =
  /^\s*(\d{3}\b:?\s*)?(not found|forbidden|access denied|unauthori[sz]ed|too many requests|bad gateway|service unavailable|internal server error|invalid (request|username)|quota exceeded)/i;

/** Keys of the JSON objects that servers answer instead of a file. */
const ERROR_KEYS =
  /^(errors?|message|details?|documentation_url|status(_?code)?|code|type|title|reason|request_?id|success|timestamp|path)$/i;

/**
 * What a file is, by its first {@linkcode CONTENT_HEAD} bytes: what was saved instead of a download
 * (a Git LFS pointer, a web page, a server's error), or a format that is known by its signature.
 *
 * @returns undefined where the bytes tell nothing
 */
export function recogniseContent(head: Uint8Array): FileContent | undefined {
  const bytes = latin1(head.subarray(0, CONTENT_HEAD));
  for (const [signature, kind, what, remedy = OTHER] of SIGNATURES) {
    if (signature.test(bytes)) return zipContent(kind, head) ?? { kind, what, remedy };
  }
  const text = textOf(head);
  if (text === undefined || text.trim() === "") return undefined;
  return standIn(text.trimStart()) ?? textContent(text);
}

/** What was saved where a file was to be: always a mistake. */
function standIn(text: string): FileContent | undefined {
  const mistake = (what: string, remedy = AGAIN): FileContent => ({
    kind: "mistake",
    what,
    remedy,
  });
  if (/^version https:\/\/(git-lfs|hawser)\./.test(text)) {
    const size = /^size (\d+)$/m.exec(text)?.[1];
    return mistake(
      `a Git LFS pointer to ${size === undefined ? "it" : `its ${size} bytes`}`,
      'run "git lfs pull" in its repository, or download the file itself with a browser',
    );
  }
  if (/^(\.\.\/)*(\.git)?\/?annex\/objects\//.test(text)) {
    return mistake("a git-annex pointer to it", 'run "git annex get" for it');
  }
  if (
    /^(<\?xml[^]*?\?>\s*)?(<!--[^]*?-->\s*)?<(!doctype html|html|head|body|script|meta|title)\b/i
      .test(text)
  ) {
    const title = /<title[^>]*>\s*([^<]*?)\s*</i.exec(text)?.[1];
    const page = `a web page${title ? ` ("${short(title)}")` : ""}`;
    return /virus scan|drive\.google|docs\.google/i.test(text)
      ? mistake(
        page,
        "open the link in a browser, confirm the download, and use the file that it saves",
      )
      : mistake(page);
  }
  if (/^(<\?xml[^]*?\?>\s*)?<Error>/.test(text)) {
    const code = /<(Message|Code)>([^<]*)</.exec(text)?.[2];
    return mistake(`a server's error${code ? ` ("${short(code)}")` : ""}`);
  }
  const refusal = refusalIn(text);
  return refusal === undefined ? undefined : mistake(`a server's answer ("${short(refusal)}")`);
}

/** A server's refusal in plain text or JSON, which are short. */
function refusalIn(text: string): string | undefined {
  if (text.length > 2000) return undefined;
  if (REFUSALS.test(text) && text.length < 500) return text.trim().split("\n")[0];
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const json = JSON.parse(text);
    const keys = Object.keys(json);
    if (keys.length === 0 || !keys.every((key) => ERROR_KEYS.test(key))) return undefined;
    const said = json.message ?? json.error ?? json.errors ?? json.detail ?? json.title;
    if (said === undefined) return undefined;
    return typeof said === "string" ? said : said?.message ?? JSON.stringify(said);
  } catch {
    return undefined;
  }
}

function textContent(text: string): FileContent {
  const kind = /^\s*[{[]/.test(text) ? "JSON" : "text";
  const begins = short(text.trim().split("\n")[0]);
  return {
    kind,
    what: `${kind === "JSON" ? "JSON" : "a text"} that begins ${begins}`,
    remedy: OTHER,
  };
}

function zipContent(kind: FileContent["kind"], head: Uint8Array): FileContent | undefined {
  if (kind !== "zip" || head.length < 30) return undefined;
  const name = latin1(head.subarray(30, 30 + (head[26] | head[27] << 8)));
  const known = ZIPS.find(([pattern]) => pattern.test(name));
  return known && { kind, what: known[1], remedy: known[2] ?? OTHER };
}

/** UTF-8 without control characters; undefined if it is anything else. */
function textOf(head: Uint8Array): string | undefined {
  const cut = head.length >= CONTENT_HEAD;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head.subarray(0, CONTENT_HEAD), {
      stream: cut, // the last character may be cut
    });
    return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
