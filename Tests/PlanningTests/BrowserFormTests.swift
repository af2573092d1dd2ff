import Planning
import Primitives
import Scenarios
import Testing

@Suite("Forms as browsers send them")
struct BrowserFormTests {
    /// What Chromium 156 sent for this form (`scripts/capture-browser-form.py`), but for the
    /// boundary and the three bytes of the photo.
    private static func chromium(_ boundary: String, photo: String) -> String {
        """
        --\(boundary)\r
        Content-Disposition: form-data; name="te%22xt%0D%0A"\r
        \r
        one\r
        two\r
        three\r
        four\r
        --\(boundary)\r
        Content-Disposition: form-data; name="ümlaut"\r
        \r
        grüß 📱\r
        --\(boundary)\r
        Content-Disposition: form-data; name="photo"; filename="a%22b%0A;c\\d.jpg"\r
        Content-Type: image/jpeg\r
        \r
        \(photo)\r
        --\(boundary)\r
        Content-Disposition: form-data; name="plain"; filename="notes"\r
        Content-Type: application/octet-stream\r
        \r
        x\r
        --\(boundary)\r
        Content-Disposition: form-data; name="none"; filename=""\r
        Content-Type: application/octet-stream\r
        \r
        \r
        --\(boundary)--\r

        """
    }

    private func file(
        _ path: String, name: String? = nil, fault: UploadFault? = nil
    ) -> MultipartField.Content {
        .part(PartSpec(content: .files([path]), fileName: name, fault: fault))
    }

    @Test("Awkward names, line breaks and empty files: byte for byte what Chromium sent.")
    func chromium() throws {
        let materials = DraftMaterials(files: [
            "p.jpg": FileFacts(path: "/p", size: 3), "notes": FileFacts(path: "/n", size: 1),
        ])
        let fields = [
            MultipartField(
                name: "te\"xt\n", content: .value(Template(literal: "one\ntwo\r\nthree\rfour"))),
            MultipartField(name: "ümlaut", content: .value(Template(literal: "grüß 📱"))),
            MultipartField(name: "photo", content: self.file("p.jpg", name: "a\"b\n;c\\d.jpg")),
            MultipartField(name: "plain", content: self.file("notes")),
            MultipartField(name: "none", content: self.file("notes", name: "", fault: .empty)),
        ]
        let draft = try Sample.draft(
            Sample.post(body: .multipart(fields)), materials: materials)
        let type = try #require(draft.headers.first { $0.name == "Content-Type" }?.value)
        #expect(type.hasPrefix("multipart/form-data; boundary=----"))
        let boundary = String(type.dropFirst("multipart/form-data; boundary=".count))
        let sent = Sample.text(draft.body).replacing("</n 0 1>", with: "x")
        #expect(sent == Self.chromium(boundary, photo: "</p 0 3>"))
        // The boundary of Chromium is as long: four hyphens, a name, sixteen characters.
        #expect(boundary.count == "----SpateFormBoundaryroqAgTcq5hvj3AgY".count)
    }
}
