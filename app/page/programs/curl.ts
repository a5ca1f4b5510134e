/** One photo with curl. @param origin of the server */
export const curl = (origin: string) => `curl --form photos=@photo.jpg ${origin}/api/captions`;
