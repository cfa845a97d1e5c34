// Behind the slider: the share of households guided, by quarters.
export function Trend({ points, first, last }: { points: { asOf: string; share: number | null }[]; first: number; last: number }) {
  const x = (day: string) => (((Date.parse(day) / 86_400_000 - first) / Math.max(1, last - first)) * 100).toFixed(2)
  const known = points.filter((one) => one.share !== null)
  const start = known[0]
  const end = known.at(-1)
  if (!start || !end || known.length < 2) return null
  const line = known.map((one) => `${x(one.asOf)},${((1 - (one.share ?? 0)) * 100).toFixed(2)}`).join(' ')
  return (
    <svg className="trend" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`${x(start.asOf)},100 ${line} ${x(end.asOf)},100`} />
    </svg>
  )
}
