/// What the operator decided about the public port.
enum OperatorState: String, Sendable, CaseIterable {
    /// People are let in.
    case open
    /// Every route answers 503 with the maintenance page.
    case page
    /// Connections are refused: nothing listens.
    case listenerOff = "listener-off"
    /// Every route answers 404.
    case routeOff = "route-off"

    /// The maintenance page.
    static let pageText = """
        <!doctype html><html lang="en"><title>Down</title>
        <p>We are down temporarily due to technical difficulties.</p></html>

        """
}
