import { openHdf5 } from "../../lib/storage/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { granted } from "../permissions.ts";

/** [[0, 1.5, -2], [0.25, 1000, 0.1]] in types of 16 bits and of the other byte order, written by h5py and packed by zlib. */
const FILE =
  "eNrr9HBx4+WS4mLm4GCAgf9QUKcA4RtAxbtDAzb5e7gEMSmUCHBmI+MKAQGgNlaIMiOoci4mBkYGBjZ+BiDFkpGY" +
  "k3YYKsEmDBLiSMpMjwcJn2eECouChLlAwsWZeek5qbeZMCRS8kuTclKfM8OcurxXXBfsJEYGRkYVBgYmJkZGqC4G" +
  "mCJ0PrMIA6OgAj9UXICBi5WBC+hIBlage5m5OIQYGFiAroOo5YFZtIBh0AO9p1JdZIWFIv6w4BmCYcGtqv2BvLCQ" +
  "Z2AB8xQYxDkYxOvRwkICGhYSQygsGO93uZMXFvbQbODAYMLNYPKfGTUsDDhQi4ehEBZMewKrSQ4LDgZGUag4sv8T" +
  "0PKFqBAo6fxHAzzmIJPYGERAkikllQWpDJKMjMCsxgDGkLKPA2w4yLwcqKFg8WiahsUri/OT/J09vJmEkAt9GACV" +
  "6LbsEJUJUB2fFj1bBw89FkiIEFOa5kighizDAYYhD3b4z1kPCj02AVBksSYVJWbmfWaBVliCIDG24uTEnMQiQzbM" +
  "6g0skQcNFTYhkAR7aV5eYm5qSpUkRHR68oq99PGJHTA6TC4kp+lBmQzJF/TSQBL2ByAxZdfAwOBSBUwOZ86chWmy" +
  "/4Eak/YXILRDvwOEv3MmCMwCqrBnONBgV+Vy1tbd2d+HkQGa8OFpnwFW1zIkpeXkJ5YYmsHsuMHPMApGwSgYBaNg" +
  "FIyCUTAKRsEoGAWjYBSMgqEG7LAOHhEYcs1TgGhmgZlyYOgHRK3DrkRqDUMWQcMHPjy/ZmiFRVjkkyOjWWMUjIJR" +
  "MAqGN7AH192IGQEA7h2tlQ==";

Deno.test({
  name:
    "Hdf5File reads floats of 16 bits and more in either byte order, and what Keras 3 calls bfloat16",
  ignore: !granted("read", "write"),
  async fn() {
    const packed = new Blob([Uint8Array.fromBase64(FILE)]).stream();
    const path = await Deno.makeTempFile({ suffix: ".h5" });
    await Deno.writeFile(path, packed.pipeThrough(new DecompressionStream("deflate")));
    try {
      using file = await openHdf5(path);
      const half = [0, 1.5, -2, 0.25, 1000, 0.0999755859375];
      for (const name of ["half", "big_half"]) {
        assertEquals(file.type(name), "float16");
        assertEquals([...file.read(name)], half);
        assertEquals([...file.readRows(name, 1, 2)], half.slice(3));
        assertEquals([...file.read(name)], half);
      }
      assertEquals(file.type("brain"), "bfloat16");
      assertEquals([...file.read("brain")], [0, 1.5, -2, 0.25, 1000, 0.10009765625]);
      assertEquals([...file.readRows("brain", 0, 1)], [0, 1.5, -2]);
      assertEquals([...file.readRows("big_single", 1, 2)], [0.25, 1000, Math.fround(0.1)]);
      assertEquals([...file.read("big_double")], [0, 1.5, -2, 0.25, 1000, Math.fround(0.1)]);
      for (const name of ["scalar", "big_scalar"]) assertEquals([...file.read(name)], [1.5]);
      assertThrows(() => file.read("unnamed"), TypeError, "not floats");
    } finally {
      await Deno.remove(path);
    }
  },
});
