import React from 'react'
import { createRoot } from 'react-dom/client'

const App = ({ names }) => (
  <main className="orchard">
    <Trees of={names} first="apple" />
  </main>
)
const Trees = ({ of }) => <ul>{of.map((name) => <li key={name}>{name}</li>)}</ul>

createRoot(document.getElementById('root')).render(<App names={[]} />)
