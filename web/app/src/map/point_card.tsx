// The card of a point: a team, a service point, an address, or many addresses at once.
import { useText } from '../text/text'
import { HoverCard } from './card'
import type { Status } from './marks'
import { bins } from './points_seen'

/** A point under the pointer: the layer that drew it and what its tile says of it. */
export type Tip = { x: number; y: number; layer: string; properties: Record<string, unknown> } | null

export function PointCard({ x, y, layer, properties: of }: NonNullable<Tip>) {
  const { t, number } = useText()
  const text = (name: string) => (typeof of[name] === 'string' ? of[name] : '')
  const count = (name: string) => (typeof of[name] === 'number' ? of[name] : 0)
  return (
    <HoverCard x={x} y={y}>
      {layer === 'teams' && (
        <>
          <strong>{text('name')}</strong>
          <p>{text('unitName')}</p>
          <p>{t('card.members', { members: number(count('members')) })}</p>
          {of['located'] === false && <p>{t('card.unlocated')}</p>}
        </>
      )}
      {layer === 'service_points' && <strong>{text('name')}</strong>}
      {layer === 'addresses' && (
        <>
          <strong>{t(`status.${text('status') as Status}`)}</strong>
          <p>{text('code')}</p>
        </>
      )}
      {layer === 'address-bins' && (
        <>
          <strong>{t('card.addresses', { addresses: number(count('addresses')) })}</strong>
          {Object.entries(bins).map(([name, status]) => count(name) > 0 && <p key={name}>{`${t(`status.${status}`)}: ${number(count(name))}`}</p>)}
        </>
      )}
    </HoverCard>
  )
}
