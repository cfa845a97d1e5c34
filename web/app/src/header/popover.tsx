// A menu that opens under its button, and closes by Escape, by a click elsewhere and when the focus leaves it.
import { useEffect, useRef, type ReactNode } from 'react'

export function Popover({ label, icon, name, children }: { label: string; icon: string; name: string; children: ReactNode }) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const element = details.current
    if (!element) return
    const close = () => (element.open = false)
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !element.open) return
      close()
      element.querySelector('summary')?.focus()
    }
    const outside = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target)) close()
    }
    element.addEventListener('keydown', key)
    addEventListener('pointerdown', outside)
    addEventListener('focusin', outside)
    return () => {
      element.removeEventListener('keydown', key)
      removeEventListener('pointerdown', outside)
      removeEventListener('focusin', outside)
    }
  }, [])
  return (
    <details className="menu" ref={details}>
      <summary className="tool" title={label}>
        <i className={`icon ${icon}`} /> <span>{name}</span>
      </summary>
      <div className="card popover">{children}</div>
    </details>
  )
}
