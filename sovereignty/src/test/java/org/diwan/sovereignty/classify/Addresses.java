package org.diwan.sovereignty.classify;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Postal addresses as each country's post writes them, made from parts, in sentences and on
/// letterheads. Street and town names are taken from maps, not from the packs; some towns are in no list.
///
/// Sources of the forms: Deutsche Post "Briefe richtig beschriften" (DIN 5008), 도로명주소법 and
/// juso.go.kr, the Saudi National Address of SPL (building, street, district, city, postcode, additional
/// number), PHLPost "Addressing guidelines", USPS Publication 28, Royal Mail "Clear addressing".
final class Addresses {
    /// @param start of the address in `text`, −1 if there is none
    record Sample(String text, int start, int end) {}

    /// `{A}` a street, `{T}` a town, `{D}` a district, `{K}` a house with a name, `#` a digit from 1, `0` any.
    private static final Map<String, List<String>> FORMS = new TreeMap<>(Map.of(
            "de",
            List.of(
                    "{A} #, #0000 {T}",
                    "{A} #0a, #0000 {T}",
                    "{A} #0\n#0000 {T}",
                    "{A} ##-#0, D-#0000 {T}",
                    "{A} #0, #0000 {T}-{D}",
                    "{A} #"),
            "ko",
            List.of(
                    "{T} {D} {A} #0",
                    "{T} {D} {A} #00, 10#동 #0#호",
                    "(0#000) {T} {D} {A} #0 ({K})",
                    "{T} {D} {A}#길 #0-#",
                    "{T} {D} {A} #00 {K} #0층",
                    "{D} {A} #0"),
            "ar",
            List.of(
                    "#000 {A}، حي {D}، {T} #0000",
                    "#000 {A}، حي {D}، {T} #0000-#000",
                    "{A}، حي {D}، {T} #0000",
                    "مبنى #000، {A}، حي {D}، {T}",
                    "{T}، حي {D}، {A}، مبنى رقم #0",
                    "{T}، {A}، رقم #0"),
            "fil",
            List.of(
                    "#0 {A}, Brgy. {D}, {T} #000",
                    "Blk # Lot #0, {A}, {D}, {T} #000",
                    "Unit #00 {K}, {A}, {T} #000",
                    "#00 {A}, {T}",
                    "Lot # Block #0, {A}, Barangay {D}, {T}",
                    "Purok #, Brgy. {D}, {T}"),
            "en",
            List.of(
                    "#00 {A}, {T}, NY #0000",
                    "#000 {A}, Apt #B, {T}, CA #0000-#000",
                    "#0 {A}, {T} SW# #AB",
                    "Flat #, #0 {A}, {T} LS## #QJ",
                    "#00 {A}\n{T}, TX #0000",
                    "#0 {A}, {T}")));

    private static final Map<String, List<String>> STREETS = Map.of(
            "de",
            List.of(
                    "Goethestraße",
                    "Lange Straße",
                    "Hans-Böckler-Str.",
                    "Berliner Allee",
                    "Am Stadtgraben",
                    "Unter den Eichen",
                    "Kirchweg",
                    "Rathausplatz",
                    "Schillerstr.",
                    "An der Alten Mühle",
                    "Im Winkel",
                    "Karl-Marx-Allee",
                    "Zum Sportplatz",
                    "Mühlengasse",
                    "Elbchaussee",
                    "Jungfernstieg",
                    "Schlossberg",
                    "Brunnenhof"),
            "ko",
            List.of("테헤란로", "판교역로", "센텀중앙로", "세종대로", "월드컵북로", "동백중앙로", "첨단과기로", "충무로", "문화로", "송도과학로"),
            "ar",
            List.of(
                    "شارع العليا",
                    "شارع التحلية",
                    "طريق الملك عبدالعزيز",
                    "شارع ابن سينا",
                    "شارع الأربعين",
                    "طريق الأمير سلطان"),
            "fil",
            List.of(
                    "Rizal Street",
                    "Mabini St.",
                    "Ayala Avenue",
                    "E. Rodriguez Ave.",
                    "Sampaguita St.",
                    "Quirino Highway",
                    "Aguinaldo Road",
                    "Katipunan Extension",
                    "Del Monte Ave",
                    "Narra Drive"),
            "en",
            List.of(
                    "Maple Street",
                    "Main St",
                    "N. Lincoln Ave.",
                    "Elm Court",
                    "Oak Ridge Drive",
                    "Victoria Road",
                    "King's Lane",
                    "Park Place",
                    "W 42nd St.",
                    "Sunset Blvd",
                    "Station Rd",
                    "Abbey Close",
                    "Rosewood Terrace",
                    "The Crescent",
                    "Riverside Way"));

    private static final Map<String, List<String>> TOWNS = Map.of(
            "de", List.of("Leipzig", "Bad Homburg", "Nürnberg", "Ulm", "Freiburg im Breisgau", "Kiel", "Zwickau"),
            "ko", List.of("서울특별시", "경기도 성남시", "부산광역시", "전라남도 순천시", "인천", "대전광역시", "제주특별자치도 제주시", "서울시"),
            "ar", List.of("الرياض", "جدة", "بريدة", "الدمام", "خميس مشيط", "ينبع", "الهفوف", "نجران"),
            "fil", List.of("Makati City", "Quezon City", "Bacoor, Cavite", "Cebu City", "Lipa", "Angeles", "Naga City"),
            "en", List.of("Springfield", "New York", "London", "Leeds", "Austin", "Portland", "Palo Alto"));

    private static final Map<String, List<String>> DISTRICTS = Map.of(
            "de", List.of("Mitte", "Gohlis"),
            "ko", List.of("강남구", "분당구", "해운대구", "해룡면", "연수구", "유성구", "아라동", "마포구"),
            "ar", List.of("العليا", "الورود", "الروضة", "النزهة", "السلامة", "الفيصلية"),
            "fil", List.of("San Antonio", "Poblacion", "San Isidro", "Camella Homes", "Bagong Silang"),
            "en", List.of("Queens"));

    private static final Map<String, List<String>> SENTENCES = Map.of(
            "de",
                    List.of(
                            "Ich wohne in der %.",
                            "Meine Anschrift: %", "Bitte senden Sie alles an\n%\n", "Erika Beispiel\n%"),
            "ko", List.of("주소는 %입니다.", "배송지: %", "저는 %에 살고 있습니다.", "받는 곳\n%\n"),
            "ar", List.of("العنوان: %", "أسكن في % منذ عام.", "أرسلوا الطرد إلى\n%\n", "عنواني هو %."),
            "fil", List.of("Nakatira ako sa %.", "Address: %", "Ipadala sa\n%\n", "Ang bahay namin ay nasa %."),
            "en", List.of("I live at %.", "Address: %", "Ship it to\n%\n", "She moved to % last year."));

    static final List<String> LANGUAGES = List.copyOf(FORMS.keySet());

    private Addresses() {}

    static Sample random(String language, SplittableRandom random) {
        String form = one(FORMS, language, random)
                .replace("{A}", one(STREETS, language, random))
                .replace("{T}", one(TOWNS, language, random))
                .replace("{D}", one(DISTRICTS, language, random))
                .replace("{K}", language.equals("ko") ? "한빛빌딩" : "Green Residences");
        var address = new StringBuilder();
        for (char c : form.toCharArray())
            address.append(
                    switch (c) {
                        case '#' -> String.valueOf(1 + random.nextInt(9));
                        case '0' -> String.valueOf(random.nextInt(10));
                        default -> String.valueOf(c);
                    });
        String sentence = one(SENTENCES, language, random);
        int start = sentence.indexOf('%');
        return new Sample(sentence.replace("%", address), start, start + address.length());
    }

    private static String one(Map<String, List<String>> parts, String language, SplittableRandom random) {
        var list = parts.getOrDefault(language, List.of());
        return list.get(random.nextInt(list.size()));
    }
}
