"""Names of invented people from many parts of Indonesia, and of some who moved there; how to greet and reach them.

Given names come in men's and women's lists, so that the honorific fits. Addresses of mail end in the domains that are
reserved for examples; telephone numbers have the shape of Indonesian mobile numbers in a block of zeros.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from appointments.demo.chance import one_of


@dataclass(frozen=True)
class Region:
    """How people are called somewhere: men's and women's given names, and what follows (family, clan or father)."""

    men: str
    women: str
    last: str
    language: str = "id"

    def full_name(self, chance: random.Random, *, woman: bool) -> str:
        first = chance.choice((self.women if woman else self.men).split())
        last = chance.choice(self.last.split()) if self.last else ""
        return f"{first} {last}".strip().replace("_", " ")


JAVA = Region(
    "Bambang Agus Joko Eko Dwi_Cahyo Slamet Heru Sigit Wahyu Teguh Yudi Aris Galih Bagas Dimas Arif Danang Pramono "
    "Totok Hendro",
    "Sri Wahyuni Endang Dewi Ratih Indah Lestari Retno Ningsih Rahayu Tri_Wahyuni Dian Ayu Fitri Anisa Puji Yuni "
    "Kartika Siti Wulan",
    "Santoso Prasetyo Wibowo Nugroho Susanto Hartono Setiawan Widodo Purnomo Saputro Kusuma Wijayanto Mulyono Handoko "
    "Sulistyo Raharjo Utomo Suryanto Budiarto Cahyono",
)
WEST_JAVA = Region(
    "Asep Dadang Ujang Cecep Deden Iwan Yayan Rudi Tatang Gilang Rizki Fajar",
    "Neneng Euis Iis Lilis Rina Nia Teti Ai_Nurhayati Imas Yanti Tita Rosita",
    "Hidayat Suryana Kurniawan Sutisna Permana Gunawan Ramdani Sopandi Mulyana Nugraha Firmansyah Maulana",
)
BETAWI = Region(
    "Rojali Syarif Mahmud Zaenal Fauzi Ramadhan Irfan Haris",
    "Rohmah Nuraini Laila Zahra Maryam Salmah Nabila Fadilah",
    "Anwar Abdullah Ismail Hamid Mansyur Ridwan Hasan Basri",
)
BATAK = Region(
    "Parlindungan Tigor Poltak Jonathan Ruben Saut Hotman Daniel Marulam Togar",
    "Tiurma Rotua Lamria Debora Ester Romauli Magdalena Dame Risma Melva",
    "Simanjuntak Siregar Nainggolan Hutapea Sitompul Manurung Simbolon Panjaitan Lubis Harahap Nasution Tambunan",
)
MINANG = Region(
    "Fadli Rizal Yusrizal Zulkifli Hendra Afdal Rahmat Doni",
    "Yulia Elvira Rahmi Fitria Desmawati Gusnita Mutia Wirda",
    "Chaniago Tanjung Koto Piliang Sikumbang Jambak Guci Caniago",
)
SULAWESI = Region(
    "Baso Syarifuddin Arfah Ilham Baharuddin Ridwan Akbar Muhlis Hamzah Takdir Sudirman Anwar",
    "Besse Tenri Hasnah Nurhaedah Rosmini Fatimah Hasriati Suriani Mardiana Nurlaela Irmawati Asriani",
    "Daeng_Mattiro Tahir Mappangara Saleh Rauf Hasanuddin Jafar Mustafa Amir Latif Sultan Rasyid Nawir Palinrungi",
)
TORAJA = Region(
    "Yohanis Markus Petrus Samuel Yunus Lukas",
    "Marthina Yuliana Rannu Elisabet Kristina Agustina",
    "Pasande Rantetasak Palembangan Tandilino Sarungallo Bunga Lolo Parubak",
)
MINAHASA = Region(
    "Ronald Frangky Denny Meidy Stenly Jefry",
    "Grace Meisye Olvie Sartje Vonny Treisye",
    "Mandagi Wowor Tumbelaka Rumengan Pangemanan Sondakh Lasut Kalalo",
)
BALI = Region(
    "Wayan Made Nyoman Ketut Putu Gede",
    "Luh_Putu Made_Ayu Komang Kadek Wayan_Sari Ketut_Ayu",
    "Sudiarta Artawan Suardana Mahendra Widiantara Astawa Suryani Adnyana",
)
EAST = Region(
    "Yosef Melkianus Frans Benyamin Alfons Kornelis",
    "Maria Yuliana_Rosa Fransina Adolfina Theresia Bernadeta",
    "Pattiasina Latuheru Wanggai Rumbiak Tallo Lopes Seran Leiwakabessy",
)
KALIMANTAN = Region(
    "Akhmad Rusdiansyah Syahrani Muliadi Hendri Taufik",
    "Norhayati Rusmini Mahrita Noorlaila Siti_Aminah Herlina",
    "Rifani Noor Fahriansyah Anshari Juhri Effendi",
)
ACEH = Region(
    "Teuku_Rizky Muzakkir Iskandar Fakhrurrazi Munawar Zulfan",
    "Cut_Nadia Cut_Intan Rahmawati Nurul Safrina Ainal_Mardhiah",
    "Yusuf Usman Ibrahim Hasyim Daud Sulaiman",
)
CHINESE_INDONESIAN = Region(
    "Kevin Hendrik Andrew Steven Jimmy Robert Edwin Willy Calvin Antonius",
    "Felicia Meilani Jessica Lina Stefani Yenny Christine Angela Vivian Linda",
    "Wijaya Tanujaya Gunawan Halim Salim Lesmana Sutanto Kosasih Limanto Tjahjadi",
)
WEST = Region(
    "James Oliver Daniel Lukas Thomas Matteo Hugo Patrick Samuel Erik",
    "Hannah Emily Sophie Laura Isabel Chloe Anna Fiona Charlotte Ingrid",
    "Whitmore Becker Dubois Hughes Andersen Rossi Walker O’Brien Fischer Lindqvist Moreau Clarke",
    language="en",
)
SOUTH_ASIA = Region("Rajesh Arjun Vikram Anil", "Priya Kavita Meera Anjali", "Nair Sharma Iyer Menon", language="en")
EAST_ASIA = Region("Kenji Daichi Haruto Ren", "Yuki Haruka Naomi Aiko", "Morita Tanabe Ishii Okada", language="en")
ONE_NAME = Region(
    "Suparman Sugiarto Paimin Ngadiman Sutrisno Kasman Sukirno",
    "Sukarti Sumiyati Poniyem Suharti Wagiyem Tumini Kasmirah",
    "",
)

AT_HOME_IN = {
    "jakarta": (
        (JAVA, 30),
        (WEST_JAVA, 16),
        (BETAWI, 10),
        (BATAK, 9),
        (MINANG, 6),
        (CHINESE_INDONESIAN, 11),
        (BALI, 2),
        (SULAWESI, 2),
        (MINAHASA, 2),
        (KALIMANTAN, 2),
        (ACEH, 2),
        (EAST, 2),
        (ONE_NAME, 2),
        (WEST, 7),
        (SOUTH_ASIA, 2),
        (EAST_ASIA, 2),
    ),
    "makassar": (
        (SULAWESI, 52),
        (TORAJA, 11),
        (JAVA, 9),
        (MINAHASA, 4),
        (EAST, 5),
        (CHINESE_INDONESIAN, 7),
        (BALI, 2),
        (KALIMANTAN, 2),
        (ONE_NAME, 1),
        (WEST, 5),
        (SOUTH_ASIA, 1),
        (EAST_ASIA, 1),
    ),
}
STREETS = {
    "jakarta": (
        "Jl. Kemuning",
        "Jl. Cempaka Putih",
        "Jl. Flamboyan",
        "Jl. Kenanga",
        "Jl. Bougenville",
        "Jl. Mangga Besar",
        "Jl. Delima",
        "Jl. Salak",
        "Gg. Mawar",
        "Jl. Dahlia",
    ),
    "makassar": (
        "Jl. Rappocini",
        "Jl. Toddopuli",
        "Jl. Batua Raya",
        "Jl. Bontolempangan",
        "Jl. Landak Baru",
        "Jl. Tamalate",
        "Jl. Anuang",
        "Jl. Sungai Walanae",
    ),
}
QUARTERS = {
    "jakarta": ("Cempaka Putih, Jakarta Pusat", "Tebet, Jakarta Selatan", "Matraman, Jakarta Timur",
                "Kemayoran, Jakarta Pusat", "Setiabudi, Jakarta Selatan"),
    "makassar": ("Rappocini, Makassar", "Panakkukang, Makassar", "Tamalate, Makassar", "Manggala, Makassar"),
}  # fmt: skip
MAIL = (("example.com", 62.0), ("surel.example", 20.0), ("kantor.example", 12.0), ("kampus.example", 6.0))


@dataclass(frozen=True)
class Person:
    """A customer to be; `home` is the code of the location she goes to, `prefers` a channel."""

    name: str
    woman: bool
    honorific: str
    language: str
    home: str
    email: str
    phone: str
    prefers: str
    address: str


def people(chance: random.Random, count: int) -> Iterator[Person]:
    """`count` people with different names, mail addresses and numbers; about a fifth read English."""
    names: set[str] = set()
    for number in range(1, count + 1):
        home = one_of(chance, (("jakarta", 62.0), ("makassar", 38.0)))
        woman = chance.random() < 0.58
        region = one_of(chance, AT_HOME_IN[home])
        name = region.full_name(chance, woman=woman)
        while name in names:
            region = one_of(chance, AT_HOME_IN[home])
            name = region.full_name(chance, woman=woman)
        names.add(name)
        yield _person(chance, number=number, name=name, woman=woman, home=home, language=region.language)


def _person(chance: random.Random, *, number: int, name: str, woman: bool, home: str, language: str) -> Person:
    if language == "id" and chance.random() < 0.11:
        language = "en"
    email = "" if chance.random() < 0.06 else f"{mailbox(name)}@{one_of(chance, MAIL)}"
    phone = "" if email and chance.random() < 0.03 else f"+62812{number:08d}"
    prefers = "email"
    if not email or (phone and chance.random() < 0.08):
        prefers = one_of(chance, (("sms", 7.0), ("call", 3.0)))
    street = f"{chance.choice(STREETS[home])} No. {chance.randint(1, 148)}, {chance.choice(QUARTERS[home])}"
    return Person(
        name=name,
        woman=woman,
        honorific="" if chance.random() < 0.05 else ("ms" if woman else "mr"),
        language=language,
        home=home,
        email=email,
        phone=phone,
        prefers=prefers,
        address=street,
    )


def mailbox(name: str) -> str:
    """`Luh Putu Artawan` → `luh.putu.artawan`; different names of our lists give different ones."""
    words = ("".join(c for c in word if c.isascii() and (c.isalnum() or c == "-")) for word in name.lower().split())
    return ".".join(words)
