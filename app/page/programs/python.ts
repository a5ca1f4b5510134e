/** One photo with Python, without packages. @param origin of the server */
export const python = (origin: string) =>
  `import base64, json, urllib.request

with open("photo.jpg", "rb") as file:
    photo = base64.b64encode(file.read()).decode()
request = urllib.request.Request(
    "${origin}/api/captions",
    json.dumps({"photos": [{"base64": photo, "name": "photo.jpg"}]}).encode(),
    {"Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as answer:
    for each in json.load(answer)["captions"]:
        print(each["photo"], each.get("caption") or each["error"])`;
