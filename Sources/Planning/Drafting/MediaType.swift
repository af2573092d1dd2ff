import Scenarios

/// The content types that browsers tell for files, by extension, and for generated bodies.
enum MediaType {
    private static let byExtension = [
        "mp4": "video/mp4", "m4v": "video/x-m4v", "mov": "video/quicktime", "webm": "video/webm",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
        "webp": "image/webp", "heic": "image/heic", "txt": "text/plain", "csv": "text/csv",
        "json": "application/json", "pdf": "application/pdf", "mp3": "audio/mpeg",
        "m4a": "audio/mp4", "wav": "audio/wav",
    ]

    static let unknown = "application/octet-stream"

    static func ofFile(_ path: String) -> String {
        let name = fileName(path)
        guard let dot = name.lastIndex(of: ".") else { return unknown }
        return byExtension[name[name.index(after: dot)...].lowercased()] ?? unknown
    }

    static func ofGenerated(_ kind: GeneratedKind) -> String {
        switch kind {
        case .mp4: "video/mp4"
        case .mov: "video/quicktime"
        case .webm: "video/webm"
        case .jpeg: "image/jpeg"
        case .heic: "image/heic"
        case .png: "image/png"
        case .webp: "image/webp"
        case .text: "text/plain"
        case .random: unknown
        }
    }

    static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    static func fileName(of kind: GeneratedKind) -> String {
        switch kind {
        case .mp4: "video.mp4"
        case .mov: "IMG_0001.MOV"
        case .webm: "recording.webm"
        case .jpeg: "photo.jpg"
        case .heic: "IMG_0001.HEIC"
        case .png: "screenshot.png"
        case .webp: "picture.webp"
        case .text: "note.txt"
        case .random: "file.bin"
        }
    }
}
