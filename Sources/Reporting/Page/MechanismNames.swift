import Diagnosis

extension PageTables {
    /// An explanation as people read it: a mechanism's id with its name, others as they are.
    static func named(_ id: String) -> String {
        Mechanism(rawValue: id).map { "\(id) \($0.title)" } ?? id
    }
}
