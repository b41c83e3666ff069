export const Menu = ({ count, onClose }) => (
  <nav title="Books & authors" onClick={() => count && onClose()}>
    <b>Books & authors</b>
    <a href="/search?kind=book&sort=title">Search &amp; find</a>
    <>{count} & more &nbsp; R&D</>
  </nav>
);
