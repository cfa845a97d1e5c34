// The map as a picture that explains itself: title, day, boundaries, legend with counts, source.
import type { Map } from 'maplibre-gl'
import { hatch } from '../map/hatch'
import type { Caption } from './caption'
import { wrap } from './wrap'

/** What the map shows now. Its pixels are only there within the frame that drew them: so it is drawn, and read at once. */
export function readMap(map: Map): HTMLCanvasElement {
  map.redraw()
  const source = map.getCanvas()
  const copy = document.createElement('canvas')
  copy.width = source.width
  copy.height = source.height
  copy.getContext('2d')?.drawImage(source, 0, 0)
  return copy
}

/** Waits until all tiles are there and names have faded in. */
const settled = (map: Map) =>
  new Promise<void>((resolve) => {
    if (map.loaded() && !map.isMoving()) resolve()
    else void map.once('idle', () => resolve())
  })

const dark = '#17242c'
const dim = '#52636e'
const family = "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif"

/** Draws the picture. Lengths are CSS pixels, times the density of the map's own. */
export function drawPicture(map: HTMLCanvasElement, density: number, caption: Caption, attribution: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const pen = context
  const mapWidth = map.width / density
  const mapHeight = map.height / density
  const wide = mapWidth >= 640
  const pad = 24
  const side = 272
  const width = Math.max(360, mapWidth + 2 * pad + (wide ? side : 0))
  const font = (size: number, weight = 400) => (pen.font = `${weight} ${size}px ${family}`)
  const lines = (text: string, across: number, size: number, weight?: number) => {
    font(size, weight)
    return wrap(text, across, (text) => pen.measureText(text).width)
  }
  const title = lines(`${caption.measure} — ${caption.place}`, width - 2 * pad, 24, 700)
  const under = lines(caption.lines.join(' · '), width - 2 * pad, 15)
  const foot = [...caption.sources, ...(attribution ? [attribution] : [])].flatMap((text) => lines(text, width - 2 * pad, 12))
  const badge = caption.synthetic ? lines(caption.synthetic, width - 2 * pad - 24, 13, 600) : []
  const top = pad + title.length * 31 + under.length * 21 + 14
  const across = (wide ? side - 20 : width - 2 * pad) - 40
  const marks = caption.marks.map((one) => ({ ...one, texts: lines(one.text, across, 13) }))
  const legendHeight = 34 + caption.classes.length * 26 + (marks.length > 0 ? 12 : 0) + marks.reduce((sum, one) => sum + 6 + one.texts.length * 17, 0)
  const below = top + mapHeight + (wide ? 0 : legendHeight + 14)
  const height = Math.max(below, wide ? top + legendHeight : 0) + 16 + (badge.length > 0 ? badge.length * 18 + 22 : 0) + foot.length * 17 + pad
  canvas.width = Math.round(width * density)
  canvas.height = Math.round(height * density)
  pen.scale(density, density)
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
  pen.textBaseline = 'alphabetic'
  let y = pad
  const write = (texts: string[], step: number, colour: string, x = pad) => {
    pen.fillStyle = colour
    for (const text of texts) pen.fillText(text, x, (y += step) - step * 0.28)
  }
  font(24, 700)
  write(title, 31, dark)
  font(15)
  write(under, 21, dim)

  pen.drawImage(map, pad, top, mapWidth, mapHeight)
  pen.strokeStyle = '#c3ced4'
  pen.strokeRect(pad + 0.5, top + 0.5, mapWidth - 1, mapHeight - 1)

  const left = wide ? pad + mapWidth + 20 : pad
  const right = width - pad
  y = wide ? top : top + mapHeight + 8
  font(14, 600)
  write(lines(caption.measure, right - left - 50, 14, 600).slice(0, 2), 20, dark, left)
  pen.textAlign = 'right'
  font(12)
  pen.fillStyle = dim
  pen.fillText(caption.counted, right, y - 6)
  y += 6
  const pattern = document.createElement('canvas')
  const { data, width: size } = hatch()
  pattern.width = pattern.height = size
  pattern.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data), size), 0, 0)
  for (const one of caption.classes) {
    pen.fillStyle = one.colour ?? pen.createPattern(pattern, 'repeat') ?? '#fff'
    pen.fillRect(left, y + 4, 30, 17)
    pen.strokeStyle = '#8b9aa2'
    pen.strokeRect(left + 0.5, y + 4.5, 29, 16)
    font(14)
    pen.fillStyle = dark
    pen.textAlign = 'left'
    pen.fillText(one.text, left + 40, y + 18)
    pen.textAlign = 'right'
    pen.fillStyle = dim
    pen.fillText(one.count, right, y + 18)
    y += 26
  }
  pen.textAlign = 'left'
  if (marks.length > 0) y += 12
  for (const { sign, fill, rim, texts } of marks) {
    pen.fillStyle = fill
    if (sign) {
      font(16)
      pen.textAlign = 'center'
      pen.fillText(sign, left + 15, y + 16)
      pen.textAlign = 'left'
    } else {
      pen.beginPath()
      pen.arc(left + 15, y + 10, 5, 0, 2 * Math.PI)
      pen.fill()
      pen.strokeStyle = rim ?? fill
      pen.lineWidth = 2
      pen.stroke()
      pen.lineWidth = 1
    }
    font(13)
    write(texts, 17, dark, left + 40)
    y += 6
  }

  y = Math.max(below, y) + 16
  if (badge.length > 0) {
    pen.fillStyle = '#fff0d9'
    pen.beginPath()
    pen.roundRect(pad, y, width - 2 * pad, badge.length * 18 + 12, 8)
    pen.fill()
    y += 6
    font(13, 600)
    write(badge, 18, '#7a4300', pad + 12)
    y += 16
  }
  font(12)
  write(foot, 17, dim)
  return canvas
}

/** The picture of a map, as a PNG. */
export async function savePicture(map: Map, caption: Caption): Promise<Blob> {
  await settled(map)
  const read = readMap(map)
  const attribution = map.getContainer().querySelector('.maplibregl-ctrl-attrib-inner')?.textContent ?? ''
  const canvas = drawPicture(read, read.width / map.getContainer().clientWidth, caption, attribution)
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'))
}

/** Hands a file that was made here to the browser's downloads. */
export function download(blob: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
