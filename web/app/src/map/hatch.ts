// The pattern of "no data": grey lines on white, which no class looks like, in print and in any colour vision too.
export function hatch(size = 16) {
  const data = new Uint8Array(size * size * 4)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const distance = Math.min((x + y) % 8, 8 - ((x + y) % 8))
      const grey = distance < 1 ? 0x9a : distance < 2 ? 0xd4 : 0xf7
      data.set([grey, grey, Math.min(255, grey + 4), 255], (y * size + x) * 4)
    }
  }
  return { width: size, height: size, data }
}
