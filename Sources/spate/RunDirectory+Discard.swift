import Foundation
import Measurements

extension RunDirectory {
    /// Takes back a directory whose run never began: nothing is left behind.
    ///
    /// `latest` points at the newest run before it again, and folders that are empty now go too.
    func discard() {
        let files = FileManager.default
        try? files.removeItem(atPath: self.path)
        let parent = URL(fileURLWithPath: self.path).deletingLastPathComponent().path
        let latest = parent + "/latest"
        guard let pointed = try? files.destinationOfSymbolicLink(atPath: latest),
            pointed == URL(fileURLWithPath: self.path).lastPathComponent
        else { return }
        try? files.removeItem(atPath: latest)
        let others = ((try? files.contentsOfDirectory(atPath: parent)) ?? []).sorted()
        if let newest = others.last {
            try? files.createSymbolicLink(atPath: latest, withDestinationPath: newest)
        } else {
            // rmdir refuses folders that hold anything else.
            rmdir(parent)
            rmdir(URL(fileURLWithPath: parent).deletingLastPathComponent().path)
        }
    }
}
