/** What the page unpacks: as its script does it. */
import { gunzipSync, strFromU8 } from "fflate";
import { expect, test } from "vitest";
import { packField, packText } from "../../dist/report/packed-field.js";

function unpack({ data, steps, cap }: ReturnType<typeof packField>): number[] {
  const bytes = gunzipSync(Buffer.from(data, "base64"));
  const n = bytes.length / 2;
  let sum = 0;
  return Array.from({ length: n }, (_, i) => {
    sum += ((bytes[i] | (bytes[n + i] << 8)) << 16) >> 16;
    const root = sum / steps;
    return cap * root * Math.abs(root);
  });
}

test("values come back to a part in 500 of a quarter of the cap, cut above it and below the floor", () => {
  const values = Float64Array.of(0.25, -0.25, 0.0025, 1, 7, -7, 0.00099, -0.00099, NaN, 0.5);
  const back = unpack(packField(values, 1, 0.001));
  [0.25, -0.25, 0.0025, 1, 1, -1, 0, 0, 0, 0.5].forEach((x, i) =>
    expect(Math.abs(back[i] - x)).toBeLessThanOrEqual(Math.abs(x) / (Math.abs(x) < 0.01 ? 20 : 250)),
  );
  expect(unpack(packField(values, 2, 0.001))[4]).toBe(2);
});

test("the same field gives the same text, and text comes back whole", () => {
  const values = Float64Array.from({ length: 5000 }, (_, i) => Math.sin(i));
  expect(packField(values, 1, 0)).toEqual(packField(values, 1, 0));
  expect(strFromU8(gunzipSync(Buffer.from(packText("é </script>"), "base64")))).toBe("é </script>");
});
