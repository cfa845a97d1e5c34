import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'urql'
import { begin, useSession } from './access/session'
import { makeClient } from './api/client'
import { App } from './app'
import { startText } from './text/text'
import './style.css'

/** All of the page is made anew for another caller; the view stands in the address. */
function Page() {
  const { caller } = useSession()
  return <Asking key={caller} />
}

function Asking() {
  const client = useMemo(() => makeClient(), [])
  return (
    <Provider value={client}>
      <App />
    </Provider>
  )
}

void begin().then(() => {
  startText() // in the language of the view that a person comes back to
  const root = document.getElementById('app')
  if (!root) return
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
})
