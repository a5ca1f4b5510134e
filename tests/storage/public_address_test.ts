import { isPublicAddress } from "../../lib/storage/mod.ts";
import { assertEquals } from "../assert.ts";

const PRIVATE = [
  ...["127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  ...["169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255"],
  ...["192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"],
  ...["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"],
  ...["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "64:ff9b::7f00:1"],
  ...["64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fec0::1", "100::1", "name"],
];

for (const address of PRIVATE) {
  Deno.test(`isPublicAddress() refuses ${address}`, () => {
    assertEquals(isPublicAddress(address), false);
  });
}

for (const address of ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4001::1"]) {
  Deno.test(`isPublicAddress() takes ${address}`, () => {
    assertEquals(isPublicAddress(address), true);
  });
}
