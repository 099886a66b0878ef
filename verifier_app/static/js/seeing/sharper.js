// What a lens or a hand has blurred, sharpened as the server does it first: noise smoothed away, then edges brought
// back. Where a decoder sees nothing in a frame as it is, it often sees in this one that there is a code.

const STRENGTH = 3; // times what a pixel differs from its surroundings

// `pixels`: RGBA of a frame. Returns such pixels, grey.
export function sharpened(pixels, width, height) {
  const grey = new Float32Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i += 1, from += 4) {
    grey[i] = 0.299 * pixels[from] + 0.587 * pixels[from + 1] + 0.114 * pixels[from + 2];
  }
  // Means of two twice are those of three, the middle one double: a deviation of 0.7 pixels. Of five twice: of 2.
  const smooth = blurred(blurred(grey, width, height, 0, 1), width, height, 1, 0);
  const around = blurred(blurred(smooth, width, height, 2, 2), width, height, 2, 2);
  const made = new Uint8ClampedArray(pixels.length).fill(255);
  for (let i = 0, to = 0; i < grey.length; i += 1, to += 4) {
    made[to] = made[to + 1] = made[to + 2] = smooth[i] + STRENGTH * (smooth[i] - around[i]);
  }
  return made;
}

// Each pixel as the mean of so many `before` it to so many `after`, across and down. Sums run along, row by row: down
// the columns one by one takes ten times as long.
function blurred(grey, width, height, before, after) {
  const count = before + 1 + after;
  const across = new Float32Array(grey.length);
  for (let y = 0; y < height; y += 1) {
    const [first, last] = [y * width, (y + 1) * width - 1];
    let sum = 0;
    for (let x = -before; x <= after; x += 1) sum += grey[Math.max(first, Math.min(last, first + x))];
    for (let i = first; i <= last; i += 1) {
      across[i] = sum;
      sum += grey[Math.min(last, i + after + 1)] - grey[Math.max(first, i - before)];
    }
  }
  const down = new Float32Array(grey.length);
  const sums = new Float32Array(width);
  const row = (y) => Math.max(0, Math.min(height - 1, y)) * width;
  for (let y = -before; y <= after; y += 1) for (let x = 0, from = row(y); x < width; x += 1) sums[x] += across[from + x];
  for (let y = 0; y < height; y += 1) {
    const [to, next, gone] = [y * width, row(y + after + 1), row(y - before)];
    for (let x = 0; x < width; x += 1) {
      down[to + x] = sums[x] / (count * count);
      sums[x] += across[next + x] - across[gone + x];
    }
  }
  return down;
}
