/**
 * Whether bytes are a JPEG (ITU-T T.81, B.1) that ends before its end marker. The end marker of a
 * thumbnail in the header does not count, unless the bytes end there. Nothing is decoded.
 */
export function isCutOffJpeg(bytes: Uint8Array): boolean {
  const isJpeg = bytes[0] === 0xff && (bytes.length === 1 || bytes[1] === 0xd8);
  if (!isJpeg || bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9) return false;
  let inScan = false; // within entropy-coded data, where all but markers is skipped
  for (let at = 2; at < bytes.length;) {
    if (inScan && (at = bytes.indexOf(0xff, at)) < 0) return true;
    if (bytes[at] !== 0xff) return false; // not a JPEG, it only begins like one
    const marker = bytes[at + 1];
    if (marker === 0xd9) return false;
    if (marker === 0xff) at++; // may be repeated before a marker
    else if (inScan && (marker === 0 || marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker < 0xc0) return false;
    else {
      inScan = marker === 0xda;
      if (at + 3 >= bytes.length) return true;
      at += 2 + (bytes[at + 2] << 8 | bytes[at + 3]);
    }
  }
  return true;
}
