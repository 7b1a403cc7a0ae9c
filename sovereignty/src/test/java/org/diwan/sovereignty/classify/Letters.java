package org.diwan.sovereignty.classify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Letters as people write them to an office, in five languages: with identifiers in their context,
/// with numbers that are nearly one, and with numbers that are something else. Where each identifier
/// stands is known.
final class Letters {
    /// An identifier in the text, or one with a wrong check digit, which is none.
    record Place(String type, int start, int end, boolean right) {}

    record Letter(String text, List<Place> places) {}

    /// @param checked if a wrong last digit makes it no identifier
    /// @param sentences where `%` is the identifier, by language
    private record Kind(
            String type,
            boolean checked,
            Function<SplittableRandom, String> number,
            Map<String, List<String>> sentences) {}

    static final List<String> LANGUAGES = List.of("ar", "ko", "de", "fil", "en");

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "SAUDI_ID",
                    true,
                    random -> saudi('1', random),
                    Map.of(
                            "ar", List.of("رقم هويتي الوطنية هو %.", "السجل المدني: %", "أرجو تحديث بياناتي، هويتي %."),
                            "en", List.of("My national ID is %.", "National ID number: %"))),
            new Kind(
                    "IQAMA",
                    true,
                    random -> saudi('2', random),
                    Map.of(
                            "ar", List.of("رقم الإقامة % وتنتهي الشهر القادم.", "إقامتي رقم %"),
                            "en", List.of("Iqama no. %", "My iqama number is % and expires soon."))),
            new Kind(
                    "EMIRATES_ID",
                    true,
                    random -> parted(Numbers.emiratesId(random), "-", 3, 4, 7, 1),
                    Map.of("ar", List.of("بطاقة الهوية الإماراتية %"), "en", List.of("My Emirates ID is %."))),
            new Kind(
                    "IBAN",
                    true,
                    random -> random.nextBoolean()
                            ? Numbers.iban(random, "SA", 24)
                            : inFours(Numbers.iban(random, "DE", 22)),
                    Map.of(
                            "ar", List.of("حولوا المبلغ إلى حسابي %.", "الآيبان: %"),
                            "de", List.of("Bitte auf mein Konto % überweisen.", "IBAN: %"),
                            "en", List.of("Please pay to account %."),
                            "ko", List.of("계좌 IBAN %"),
                            "fil", List.of("Ipadala sa bank account %."))),
            new Kind(
                    "PAYMENT_CARD",
                    true,
                    random -> random.nextBoolean() ? Numbers.card(random) : inFoursIfSixteen(Numbers.card(random)),
                    Map.of(
                            "ar", List.of("رقم البطاقة %"),
                            "de", List.of("Meine Kreditkarte % wurde belastet."),
                            "en", List.of("My card % was charged twice."),
                            "ko", List.of("신용카드 번호는 %입니다."),
                            "fil", List.of("Ang credit card ko ay %."))),
            new Kind(
                    "KR_RRN",
                    false,
                    Numbers::rrn,
                    Map.of(
                            "ko",
                            List.of("제 주민등록번호는 %입니다.", "주민번호: %"),
                            "en",
                            List.of("Resident registration number %"))),
            new Kind(
                    "KR_ARN",
                    false,
                    Numbers::arn,
                    Map.of("ko", List.of("외국인등록번호 %로 조회해 주세요."), "en", List.of("My alien registration number is %."))),
            new Kind(
                    "KR_BRN",
                    true,
                    Numbers::businessNumber,
                    Map.of(
                            "ko",
                            List.of("사업자등록번호는 %입니다.", "사업자번호 %"),
                            "en",
                            List.of("Business registration number: %"))),
            new Kind(
                    "KR_PASSPORT",
                    false,
                    random -> "M" + Numbers.digits(3, random) + (char) ('A' + random.nextInt(26))
                            + Numbers.digits(4, random),
                    Map.of("ko", List.of("여권번호는 %입니다."), "en", List.of("Korean passport no. %"))),
            new Kind(
                    "DE_STEUER_ID",
                    true,
                    random -> random.nextBoolean()
                            ? Numbers.steuerId(random)
                            : parted(Numbers.steuerId(random), " ", 2, 3, 3, 3),
                    Map.of(
                            "de",
                            List.of("Meine Steuer-ID lautet %.", "Identifikationsnummer: %"),
                            "en",
                            List.of("German tax ID %"))),
            new Kind(
                    "DE_PERSONALAUSWEIS",
                    true,
                    random -> Numbers.document("LMNPRTVWXY", random),
                    Map.of("de", List.of("Personalausweis Nr. %", "Die Ausweisnummer ist %."))),
            new Kind(
                    "DE_PASSPORT",
                    true,
                    random -> Numbers.document("CFGHJK", random),
                    Map.of("de", List.of("Reisepass %, gültig bis 2031", "Meine Passnummer ist %."))),
            new Kind(
                    "DE_RVNR",
                    true,
                    random -> random.nextBoolean()
                            ? Numbers.pensionNumber(random)
                            : parted(Numbers.pensionNumber(random), " ", 2, 6, 1, 3),
                    Map.of("de", List.of("Versicherungsnummer %", "Meine Rentenversicherungsnummer: %."))),
            new Kind(
                    "DE_KVNR",
                    true,
                    Numbers::healthNumber,
                    Map.of("de", List.of("Krankenversichertennummer %", "KVNR %, Gesundheitskarte verloren."))),
            new Kind("EU_VAT", true, Numbers::vat, Map.of("de", List.of("USt-IdNr. %"), "en", List.of("VAT number %"))),
            new Kind(
                    "PH_TIN",
                    false,
                    random -> parted(Numbers.digits(12, random), "-", 3, 3, 3, 3),
                    Map.of("fil", List.of("Ang TIN ko ay %."), "en", List.of("TIN %"))),
            new Kind(
                    "PH_SSS",
                    false,
                    random -> parted(Numbers.digits(10, random), "-", 2, 7, 1),
                    Map.of("fil", List.of("SSS number ko: %"), "en", List.of("My SSS number is %."))),
            new Kind(
                    "PH_PCN",
                    false,
                    random -> parted(Numbers.digits(16, random), "-", 4, 4, 4, 4),
                    Map.of("fil", List.of("PhilSys PCN %"), "en", List.of("PhilSys card number %"))),
            new Kind(
                    "PH_PASSPORT",
                    false,
                    random -> "P" + Numbers.digits(7, random) + "ABC".charAt(random.nextInt(3)),
                    Map.of("fil", List.of("Pasaporte: %"), "en", List.of("Philippine passport no. %"))),
            new Kind(
                    "PHONE",
                    false,
                    random -> "05" + "034568".charAt(random.nextInt(6)) + Numbers.digits(7, random),
                    Map.of("ar", List.of("جوالي %", "للتواصل: هاتف %"))),
            new Kind(
                    "PHONE",
                    false,
                    random -> "010-" + (2 + random.nextInt(8)) + Numbers.digits(3, random) + "-"
                            + Numbers.digits(4, random),
                    Map.of("ko", List.of("연락처는 %입니다.", "휴대폰 %"))),
            new Kind(
                    "PHONE",
                    false,
                    random -> "0917 " + Numbers.digits(3, random) + " " + Numbers.digits(4, random),
                    Map.of("fil", List.of("Tumawag sa %.", "Cellphone: %"))),
            new Kind(
                    "PHONE",
                    false,
                    random -> "+49 151 " + (1 + random.nextInt(9)) + Numbers.digits(7, random),
                    Map.of("de", List.of("Handy: %"), "en", List.of("Call me at %."))),
            new Kind(
                    "EMAIL",
                    false,
                    random -> "u" + Numbers.digits(4, random) + ".name@mail.example.org",
                    Map.of(
                            "ar", List.of("بريدي %"),
                            "ko", List.of("이메일: %"),
                            "de", List.of("Meine E-Mail ist %."),
                            "fil", List.of("Email ko: %"),
                            "en", List.of("Write to %."))));

    /// `#` any digit, `D` a date, `P` a price, `A` an article number (EAN-13).
    private static final Map<String, List<String>> INNOCENT = Map.of(
            "ar",
            List.of(
                    "رقم الطلب ##########.",
                    "صدر النظام بتاريخ D.",
                    "السعر P ريال.",
                    "وفقا للمادة ## من اللائحة.",
                    "رقم المنتج A",
                    "عدد السكان #######.",
                    "الفاتورة ########"),
            "ko",
            List.of(
                    "주문번호 20######-#######입니다.",
                    "시행일은 D이다.",
                    "가격은 P원입니다.",
                    "제##조 제#항을 적용한다.",
                    "상품번호 A",
                    "운송장번호 ############",
                    "인구는 #######명이다."),
            "de",
            List.of(
                    "Bestellnummer ##########.",
                    "In Kraft seit D.",
                    "Der Preis beträgt P Euro.",
                    "Nach § ## Abs. # gilt das nicht.",
                    "Artikelnummer A",
                    "Aktenzeichen # K ###/##",
                    "Rechnung Nr. 20##-######"),
            "fil",
            List.of(
                    "Order number ##########.",
                    "Petsa: D.",
                    "Ang presyo ay P piso.",
                    "Ayon sa Seksyon ## ng batas.",
                    "Numero ng produkto A",
                    "May ####### katao sa lungsod."),
            "en",
            List.of(
                    "Order number ##########.",
                    "In force since D.",
                    "It costs P dollars.",
                    "See article ##, paragraph #.",
                    "Item A",
                    "Invoice 20##-######",
                    "ISBN 978-#-##-######-#",
                    "Population #########."));

    private Letters() {}

    /// Three to six sentences, a line each: about half with an identifier, a sixth with a wrong one.
    static Letter random(String language, SplittableRandom random) {
        var kinds = KINDS.stream()
                .filter(kind -> kind.sentences.containsKey(language))
                .toList();
        var text = new StringBuilder();
        var places = new ArrayList<Place>();
        for (int n = 3 + random.nextInt(4); n > 0; n--) {
            if (random.nextInt(3) == 0) {
                text.append(innocent(one(INNOCENT.getOrDefault(language, List.of()), random), random));
            } else {
                var kind = one(kinds, random);
                boolean right = !kind.checked || random.nextInt(4) > 0;
                String number = kind.number.apply(random);
                if (!right) number = withOtherLast(number, random);
                String sentence = one(kind.sentences.getOrDefault(language, List.of()), random);
                int start = text.length() + sentence.indexOf('%');
                text.append(sentence.replace("%", number));
                places.add(new Place(kind.type, start, start + number.length(), right));
            }
            text.append('\n');
        }
        return new Letter(text.toString(), places);
    }

    static List<String> checkedTypes() {
        return KINDS.stream().filter(Kind::checked).map(Kind::type).distinct().toList();
    }

    private static String saudi(char first, SplittableRandom random) {
        String id = Numbers.saudiId(random);
        return id.charAt(0) == first ? id : saudi(first, random);
    }

    private static String withOtherLast(String number, SplittableRandom random) {
        char last = number.charAt(number.length() - 1);
        return number.substring(0, number.length() - 1) + (char) ('0' + (last - '0' + 1 + random.nextInt(9)) % 10);
    }

    private static String innocent(String form, SplittableRandom random) {
        var text = new StringBuilder();
        for (char c : form.toCharArray())
            text.append(
                    switch (c) {
                        case '#' -> Numbers.digits(1, random);
                        case 'D' -> form.startsWith("D", text.length()) || form.contains(" D") ? date(random) : "D";
                        case 'P' -> form.contains("P ") || form.contains("P원") ? price(random) : "P";
                        case 'A' -> form.endsWith(" A") ? Numbers.digits(13, random) : "A";
                        default -> String.valueOf(c);
                    });
        return text.toString();
    }

    private static String date(SplittableRandom random) {
        int year = 1950 + random.nextInt(80);
        int month = 1 + random.nextInt(12);
        int day = 1 + random.nextInt(28);
        return switch (random.nextInt(3)) {
            case 0 -> String.format("%d-%02d-%02d", year, month, day);
            case 1 -> String.format("%02d.%02d.%d", day, month, year);
            default -> String.format("%02d/%02d/%d", day, month, year);
        };
    }

    private static String price(SplittableRandom random) {
        return String.format("%,d.%02d", random.nextInt(10_000_000), random.nextInt(100));
    }

    private static String parted(String number, String separator, int... sizes) {
        var parts = new ArrayList<String>();
        int start = 0;
        for (int size : sizes) parts.add(number.substring(start, start += size));
        return String.join(separator, parts);
    }

    private static String inFours(String number) {
        return number.replaceAll("(.{4})(?=.)", "$1 ");
    }

    private static String inFoursIfSixteen(String number) {
        return number.length() == 16 ? inFours(number) : number;
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
