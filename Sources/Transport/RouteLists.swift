import CCurl

/// A lane's pinned names and detours as libcurl's lists: shared by all its handles, freed once.
struct RouteLists {
    let resolve: UnsafeMutablePointer<curl_slist>?
    let connectTo: UnsafeMutablePointer<curl_slist>?

    init(_ options: LaneOptions) {
        self.resolve = HeaderText.list(options.resolve)
        self.connectTo = HeaderText.list(options.connectTo)
    }

    /// After the last handle that uses them has gone.
    func free() {
        curl_slist_free_all(self.resolve)
        curl_slist_free_all(self.connectTo)
    }
}
