// A share with its bounds as a bar: what is guided, what may be, and where the target stands.
import './share_bar.css'

export function ShareBar({ low, share, high, target }: { low: number | null; share: number | null; high: number | null; target: number }) {
  const percent = (value: number) => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(2)}%`
  const from = share === null ? null : (low ?? share)
  const to = share === null ? null : (high ?? share)
  return (
    <span className={from === null ? 'share-bar none' : 'share-bar'} aria-hidden="true">
      {from !== null && to !== null && (
        <>
          <i className="surely" style={{ width: percent(from) }} />
          <i className="maybe" style={{ left: percent(from), width: percent(to - from) }} />
        </>
      )}
      {share !== null && <i className="at" style={{ left: percent(share) }} />}
      <i className="target" style={{ left: percent(target) }} />
    </span>
  )
}
