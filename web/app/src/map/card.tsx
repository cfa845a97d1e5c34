// The card beside the pointer, and pinned beside the unit that is chosen.
import type { ReactNode } from 'react'
import { useText } from '../text/text'
import type { Figure } from './figures'
import { useMeasure } from './measure'

/** What a unit's card says, a line each. */
export function Lines({ figure }: { figure: Figure }) {
  const { t, number, share } = useText()
  const { name, measure, value } = useMeasure()
  const bounds = measure === 'SHARE' && figure.shareLow !== null && figure.shareHigh !== null
  return (
    <>
      <strong>{figure.fullName}</strong>
      {figure.remote && <span className="tag">{t('card.remote')}</span>}
      <p className="value">
        {value(figure.value)} <small>{name}</small>
      </p>
      {bounds && <p>{t('card.bounds', { low: share(figure.shareLow ?? 0), high: share(figure.shareHigh ?? 0) })}</p>}
      {measure !== 'GAP_HOUSEHOLDS' && figure.gapHouseholds !== null && <p>{t('card.gap', { households: number(figure.gapHouseholds) })}</p>}
      <p>{t('card.teams', { teams: number(figure.teams), members: number(figure.members), addresses: number(figure.addresses) })}</p>
    </>
  )
}

export function HoverCard({ x, y, children }: { x: number; y: number; children: ReactNode }) {
  // On whichever side of the pointer there is room.
  const side = { [x > innerWidth / 2 ? 'right' : 'left']: `calc(${x > innerWidth / 2 ? `100% - ${x}px` : `${x}px`} + 1rem)`, [y > 320 ? 'bottom' : 'top']: `calc(${y > 320 ? `100% - ${y}px` : `${y}px`} + 1rem)` }
  return (
    <div className="card hover" style={side} aria-hidden="true">
      {children}
    </div>
  )
}

export function ChosenCard({ figure, onEnter, onClose }: { figure: Figure; onEnter: (() => void) | null; onClose: () => void }) {
  const { t } = useText()
  return (
    <section className="card chosen" aria-label={figure.fullName}>
      <button type="button" className="close" aria-label={t('card.close')} onClick={onClose}>
        ×
      </button>
      <Lines figure={figure} />
      {onEnter && (
        <button type="button" className="primary" onClick={onEnter}>
          {t('card.enter')}
        </button>
      )}
    </section>
  )
}
